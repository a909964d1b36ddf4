"""The union's services, one file each. A service never imports another."""
