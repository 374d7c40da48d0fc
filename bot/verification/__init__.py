"""What `bot/citations.py` is made of: drafts and pages taken apart, and whether one supports the other. All pure.

words, numbers, measures, dates → sentences, claims (the draft) · layout, passages (the pages) → placing with desk,
objections and columns, polarity, support, citing · equations and arithmetic for what is computed, asides for what
states nothing, links for what leads out of the answer.
"""
