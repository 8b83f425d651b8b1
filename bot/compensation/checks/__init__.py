"""One file, one check of a pay plan: each defines CHECK."""
