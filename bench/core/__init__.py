"""What every benchmark uses: servers, processes, the meter over them, and the report."""
