"""What every page and API of the web server shares: answers, refusals, files, streams and headers."""
