"""Measures retrieval and answers on questions with known pages: files, figures, comparisons. Printing is elsewhere."""
