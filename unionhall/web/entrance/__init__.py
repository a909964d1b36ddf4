"""In and out: staff by password and device, workers by mobile and code; and what everybody may do about their own way in."""

from django.urls import path

from unionhall.web.entrance import mine, staff, workers

urlpatterns = [
    path("sign-in/", staff.sign_in, name="sign-in"),
    path("sign-in/code/", staff.code, name="sign-in-code"),
    path("sign-in/device/", staff.enrol, name="sign-in-enrol"),
    path("sign-in/recovery-codes/", staff.recovery, name="sign-in-recovery"),
    path("sign-in/password/", staff.renew_password, name="sign-in-password"),
    path("sign-in/invited/", staff.invited, name="sign-in-invited"),
    path("sign-in/invited/<str:word>/", staff.open_invitation, name="sign-in-invitation"),
    path("sign-in/again/", staff.again, name="sign-in-again"),
    path("sign-in/worker/", workers.mobile, name="sign-in-worker"),
    path("sign-in/worker/code/", workers.code, name="sign-in-worker-code"),
    path("sign-in/worker/who/", workers.who, name="sign-in-worker-who"),
    path("sign-out/", staff.sign_out, name="sign-out"),
    path("my-sign-in/", mine.overview, name="my-sign-in"),
    path("my-sign-in/sessions/<int:number>/end/", mine.end_session, name="my-session-end"),
    path("my-sign-in/sessions/end/", mine.end_all, name="my-sessions-end"),
    path("my-sign-in/password/", mine.change_password, name="my-password"),
    path("my-sign-in/device/", mine.device, name="my-device"),
    path("my-sign-in/device/new/", mine.begin_device, name="my-device-new"),
    path("my-sign-in/recovery-codes/", mine.recovery_codes, name="my-recovery-codes"),
    path("my-sign-in/recovery-codes/new/", mine.renew_codes, name="my-recovery-codes-new"),
]
