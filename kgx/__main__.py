"""`python -m kgx` is `kgx`."""

if __name__ == "__main__":  # a process for extraction imports this module too, and needs no command line
    from kgx.cli import main

    main()
