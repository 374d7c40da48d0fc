"""What `bot/citations.py` is made of: drafts and pages taken apart, and whether one supports the other. All pure.

words, numbers, dates → sentences, claims (the draft) · layout, passages (the pages) → placing, polarity, support ·
arithmetic for what is computed, links for what leads out of the answer.
"""
