"""What the figures of the README come from: ratios against something measured in the same run."""
