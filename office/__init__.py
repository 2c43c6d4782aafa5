"""Tools of any office that know nothing of ours: pinyin, lean tables."""
