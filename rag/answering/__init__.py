"""Answer a question: rewrite it, retrieve, choose context, prompt, cite, check."""
