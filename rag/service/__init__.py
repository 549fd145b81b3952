"""Services around one open library: RPC between processes, background services, repair."""
