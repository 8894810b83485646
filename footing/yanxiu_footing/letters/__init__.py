"""Dead letters: announcements that could not be applied, kept, shown, applied again or dropped by the operator."""
