"""The files of platforms that sell the village's goods: their orders, what they pay, and the numbers they want back."""
