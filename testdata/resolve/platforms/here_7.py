if __name__ == "__main__":
    import never_16
