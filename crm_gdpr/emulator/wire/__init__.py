"""The account over HTTP: HubSpot's paths, bodies, statuses and errors. No rule of the account lives here."""
