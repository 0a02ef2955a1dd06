"""Is a territory's digital plan coherent with its other public policies?"""
