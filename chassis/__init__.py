"""The microservice chassis: everything that keeps facts safe, so that no service has to know how."""
