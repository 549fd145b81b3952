"""Language models: the generator protocol, the engines, and the registry of models."""
