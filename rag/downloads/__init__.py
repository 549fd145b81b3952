"""Download, verify and convert the models; list and delete them."""
