"""People who sign in: who they are, what they may see, and what they may change."""
