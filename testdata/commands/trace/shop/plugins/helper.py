def words(text):
    return sorted(set(text.split()))
