"""What is ours and opens no connection; folder names read in the order the data flows."""
