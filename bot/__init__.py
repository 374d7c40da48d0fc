"""People, platforms and answers: everything between a question and the reply that carries its answer."""
