"""Articles in from outside: pages, feeds, sitemaps and files become ArticleFacts. No Flask, no database."""
