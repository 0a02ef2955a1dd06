"""Territoire SIG in QGIS: the analyses of the territoire_sig library as Processing algorithms."""


def classFactory(iface):  # noqa: N802
    """Return the plugin; the name of this function is QGIS's."""
    from .plugin import TerritoirePlugin

    return TerritoirePlugin(iface)
