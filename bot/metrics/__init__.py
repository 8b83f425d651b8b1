"""From a definition in a file to facts to readings; what is measured is data, not code."""
