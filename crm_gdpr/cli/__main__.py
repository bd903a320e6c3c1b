"""`python -m crm_gdpr.cli`."""

from crm_gdpr.cli import main

main()
