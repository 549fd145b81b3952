"""Pages and documents in the manner of real sites and tools, made with our own words, and their labels."""
