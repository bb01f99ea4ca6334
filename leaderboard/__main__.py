"""`python -m leaderboard` is the console script `leaderboard`."""

from leaderboard.cli import main

if __name__ == "__main__":
    main()
