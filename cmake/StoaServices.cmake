# Reads actors/services.def, so that a service is registered by one line there and nowhere else.
