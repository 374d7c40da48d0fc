"""PDFs, vectors and storage: everything between a file and a page that can be found. Never imports `bot`."""
