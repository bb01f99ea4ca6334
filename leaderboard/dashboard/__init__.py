"""The dashboard: the one part of the package that imports streamlit, and only while it is served."""
