"""What the commands of the command line do; `leaderboard.cli` names them and their options."""
