"""botscan: how many of these followers are real?"""
