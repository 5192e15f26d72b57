"""Documents as pages and pictures: the declaration, charts, maps, languages. No server."""
