"""What areas, researchers and groups have in common: on file from day to day, with dated facts."""
