"""What the numbers say: arrays in, arrays and frames out; no files, no drawing."""
