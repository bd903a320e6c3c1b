"""HubSpot keeps the promises of the privacy notice, by itself."""
