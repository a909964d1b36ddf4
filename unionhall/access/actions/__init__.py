"""The only code that writes about coming in and looking."""
