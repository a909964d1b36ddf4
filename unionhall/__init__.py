"""Union Hall (职工之家): the working system of a district federation of trade unions."""

__version__ = "0.1.0"
