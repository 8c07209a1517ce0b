"""Pages and the API for browsers. Templates are under templates/, the talk itself under flows/."""
