"""Everything between Salesforce and the mirror: logging in, asking, and reading export files."""
