"""Templates in, checked Block Kit out."""
