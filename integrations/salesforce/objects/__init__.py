"""ONE FILE, ONE SALESFORCE OBJECT: each module defines ``OBJECT``; the folder is the registry."""
