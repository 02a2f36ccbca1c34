from app import web

web.serve()
