"""An edition shown to a proofreader: what stands on each page (sources.py and its neighbours), written out by site.py."""
