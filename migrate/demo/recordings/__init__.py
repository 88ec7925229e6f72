"""What the servers of the demo said when they were real; made by ``migrate.demo.record``."""
