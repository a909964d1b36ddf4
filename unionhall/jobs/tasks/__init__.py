"""What the worker can do: one file a topic, plain functions under `@task`, over the actions everyone uses."""
