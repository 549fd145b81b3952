"""Find passages: dense and keyword search, fusion, reranking, near-duplicates."""
