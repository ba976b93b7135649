"""vnpolicy: reads Vietnamese privacy policies and compares them, every answer with the sentence that supports it."""
