"""What checks of a wave in the cloud cost, beside Cloud Custodian on the same server."""
