"""What the notebooks of this course share: models, data, training loops and plots.

Import the module that you need, for example ``from helpers.models import MLP``.
"""

from helpers import language  # every notebook's first cell says helpers.language.use(...)

__all__ = ["language"]
