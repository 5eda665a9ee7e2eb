"""The history of the schema. ``Database.migrate`` runs it; ``alembic -c actions/state/migrations/alembic.ini`` helps to write a new step."""
