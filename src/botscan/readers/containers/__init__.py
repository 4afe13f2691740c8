"""Containers: bytes of any file, archive or folder, expanded, checked and decoded; nobody asks yet what they mean."""
