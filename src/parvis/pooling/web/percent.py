def percent_words(value: float) -> str:
    """0,9 %, 75 %: of a percentage to a tenth."""
    return f"{value:.1f}".replace(".", ",").removesuffix(",0") + "\u00a0%"
