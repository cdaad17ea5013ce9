"""Rule data of kgx: lexicon, titles, dates, context and frames. Installed as the package `kgx.rules`."""
